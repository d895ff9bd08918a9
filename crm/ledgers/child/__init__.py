"""Reads one untrusted file in a process of its own; imports nothing of the rest of the project.

``crm.ledgers.reading`` starts it with limits on memory and time. It may die: the parent goes on.
"""
