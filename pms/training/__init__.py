"""Training of all 従業者: plan, courses, campaigns, records (JIS Q 15001 7.2, 7.3; J.4.3)."""
