"""The journal: who did what, when, from where and why; nothing in it is ever changed."""
