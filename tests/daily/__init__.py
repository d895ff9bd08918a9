"""The thirteen daily jobs, done in a real Chromium with clicks, keys and seconds counted.

``make daily`` (``python -m tests.daily``) runs all of them and prints a table; numbers choose some
(``python -m tests.daily 4 13``), ``--data big`` takes 20,000 firms, 5,000 projects and 300,000
visits, ``--database URL`` takes a database that is there (its rows will be changed). The same jobs
run as browser tests over the demo, where clicks and keys are held to their targets; seconds are
not, as a busy machine is no failure.

To add a job, add a file ``job_NN_what.py`` to this folder; nothing else needs to know of it::

    from tests.daily.counting import PHONE, job

    @job(1, on=PHONE)
    def an_officer_logs_a_visit(people):
        hand = people("officer")            # signed in, on the home page; nothing is counted yet
        hand.open("/m/")                    # where the job starts; not counted
        with hand.at_work():                # from here on clicks, keys and time count
            hand.click("text=记走访")
            hand.type("谈了电价", into="#id_content")
            hand.press("Enter")
            hand.page.wait_for_selector(".messagelist")   # until the person sees the result
        assert "成功" in hand.page.locator(".messagelist").inner_text()

A job may have several functions (``variant="menu"``), on a desktop and on a phone (``on=DESK``,
``on=PHONE`` or ``on=(DESK, PHONE)``). Its targets stand in ``targets.py``; a variant whose target
is another one by the table of the daily jobs says so (``clicks=2, seconds=15``). Look at
``hand.page`` (Playwright's page) as much as you like; act through ``hand`` alone. Jobs share one
database and run in the order of their numbers: do not rely on rows that another job changes.
"""
