"""What Open edX leaves of a course's about page: the library that it uses, as it calls it (`clean_dangerous_html` in its sources)."""

import sys

from lxml_html_clean import Cleaner

cleaner = Cleaner(style=True, inline_style=False, safe_attrs_only=False)
print(cleaner.clean_html(f"<div>{sys.stdin.read()}</div>"))
