"""The doors: command line, HTTP, chat page, widget. No door finds or answers anything itself."""
