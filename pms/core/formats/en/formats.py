"""English dates, unambiguous for every reader; in tables as ISO."""

DATE_FORMAT = "D j F Y"
SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "D j F Y, H:i"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d"]
NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
FIRST_DAY_OF_WEEK = 0
