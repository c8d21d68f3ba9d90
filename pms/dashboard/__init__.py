"""Landing pages, search and the frame around every page."""
