"""What other systems read and write, as JSON: the same rows, the same rules, another door.

Each system has a token and acts as one account; a session opens nothing here, so that no page of
another site can write with somebody's cookies.
"""
