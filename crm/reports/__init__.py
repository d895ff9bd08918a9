"""Reports, one question a file: ``(scoped queryset, day) → Table``; renderers know only Table."""
