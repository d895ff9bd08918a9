"""Ledgers (台账) in and out: files become records, records become the bureau's own files."""
