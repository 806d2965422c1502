"""Guards between a stranger's connection and the page: known hosts, strict headers, bounded bodies, limits of time"""
