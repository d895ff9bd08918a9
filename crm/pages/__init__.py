"""Pages that are no list and no record: one file a page, each inside the site's frame."""
