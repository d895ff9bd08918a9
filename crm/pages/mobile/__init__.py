"""The pages for a phone: today, log a visit, find a firm, my projects, my follow-ups."""
