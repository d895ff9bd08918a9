"""Who sees, opens and edits what is to be done, asked, ordered, noted and attached."""

from crm import models
from tests import make

from .tables import KEPT_BY_PARK
from .world import PARTS, PROJECTS, SECRET, in_park, of_project

TABLES = {
    models.FollowUp: (
        {
            "own": lambda w: make.follow_up(task_force=w.team),
            "of others": lambda w: make.follow_up(),
            "of others, mine to do": lambda w: make.follow_up(owner=w.officer),
            "of others, the park's to do": lambda w: make.follow_up(owner=w.people["park"]),
            "own, secret project": lambda w: make.follow_up(
                task_force=w.team, project=PROJECTS["secret, told"](w)
            ),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    of others, mine to do         voe      -         voe     vo            vo      -     -
    of others, the park's to do   -        -         voe     vo            vo      vo    -
    own, secret project           voe      v         voe     v             v       -     -
""",
    ),
    models.Request: (
        {
            "own": lambda w: make.request(task_force=w.team),
            "of others": lambda w: make.request(),
            "to the unit": lambda w: make.request(department=w.unit),
            "to the unit in support": lambda w: make.request(co_departments=[w.unit]),
            "own, secret project": lambda w: make.request(
                task_force=w.team, project=PROJECTS["secret, told"](w)
            ),
            "in the park": lambda w: make.request(project=in_park(w)),
            "in the park, secret": lambda w: make.request(project=in_park(w, **SECRET)),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    to the unit                   -        -         voe     vo            vo      -     voe
    to the unit in support        -        -         voe     vo            vo      -     vo
    own, secret project           voe      v         voe     v             v       -     -
    in the park                   -        -         voe     vo            vo      vo    -
    in the park, secret           -        -         voe     v             v       -     -
""",
    ),
    models.Reply: (
        {
            "own request": lambda w: make.reply(request=make.request(task_force=w.team)),
            "request of others": lambda w: make.reply(),
            "request to the unit": lambda w: make.reply(request=make.request(department=w.unit)),
            "directive to the unit": lambda w: make.reply(
                directive=make.directive(department=w.unit)
            ),
            "own request, secret project": lambda w: make.reply(
                request=make.request(task_force=w.team, project=PROJECTS["secret, told"](w))
            ),
        },
        """
    own request                   vo       vo        vo      vo            vo      -     -
    request of others             -        -         vo      vo            vo      -     -
    request to the unit           -        -         vo      vo            vo      -     vo
    directive to the unit         -        -         vo      vo            vo      -     vo
    own request, secret project   vo       -         vo      -             -       -     -
""",
    ),
    models.Directive: (
        {
            "to nobody yet": lambda w: make.directive(),
            "to the team": lambda w: make.directive(task_force=w.team),
            "to another team": lambda w: make.directive(task_force=make.team()),
            "to the unit": lambda w: make.directive(department=w.unit),
            "to the team, secret project": lambda w: make.directive(
                task_force=w.team, project=PROJECTS["secret, told"](w)
            ),
            "to the unit, secret project": lambda w: make.directive(
                department=w.unit, project=PROJECTS["secret"](w)
            ),
            "the leader's own": lambda w: make.directive(created_by=w.people["leader"]),
        },
        """
    to nobody yet                 -        -         voe     vo            vo      -     -
    to the team                   vo       vo        voe     vo            vo      -     -
    to another team               -        -         voe     vo            vo      -     -
    to the unit                   -        -         voe     vo            vo      -     vo
    to the team, secret project   vo       v         voe     v             v       -     -
    to the unit, secret project   -        -         voe     v             v       -     vo
    the leader's own              -        -         voe     vo            voe     -     -
""",
    ),
    models.Note: (
        of_project(
            make.note,
            "own",
            "joint",
            "of others",
            "secret",
            "secret, told",
            "in the park",
            "asked of the unit",
        )
        | {
            "own company": lambda w: make.note(company=make.company(owning_team=w.team)),
            "company of others": lambda w: make.note(company=make.company(owning_team=make.team())),
            "own contact": lambda w: make.note(
                contact=make.contact(company=make.company(owning_team=w.team))
            ),
            "written by the officer": lambda w: make.note(
                project=PROJECTS["own"](w), created_by=w.officer
            ),
        },
        """
    own                           vo       vo        vo      vo            vo      -     -
    joint                         vo       vo        vo      vo            vo      -     -
    of others                     -        -         vo      vo            vo      -     -
    secret                        -        -         vo      -             -       -     -
    secret, told                  vo       -         vo      -             -       -     -
    in the park                   -        -         vo      vo            vo      vo    -
    asked of the unit             -        -         vo      vo            vo      -     -
    own company                   vo       vo        vo      vo            vo      -     -
    company of others             -        -         vo      vo            vo      -     -
    own contact                   vo       vo        vo      vo            vo      -     -
    written by the officer        voe      vo        vo      vo            vo      -     -
""",
    ),
    models.Attachment: (
        of_project(make.attachment, *PARTS)
        | {
            "to the unit": lambda w: make.attachment(request=make.request(department=w.unit)),
            "own visit": lambda w: make.attachment(visit=make.visit(task_force=w.team)),
            "own trip": lambda w: make.attachment(trip=make.trip(task_force=w.team)),
            "own company": lambda w: make.attachment(company=make.company(owning_team=w.team)),
            "company of others": lambda w: make.attachment(
                company=make.company(owning_team=make.team())
            ),
            "deal of others": lambda w: make.attachment(deal=make.deal()),
        },
        KEPT_BY_PARK
        + """
    to the unit                   -        -         voe     vo            vo      -     voe
    own visit                     voe      voe       voe     vo            vo      -     -
    own trip                      voe      voe       voe     vo            vo      -     -
    own company                   voe      voe       voe     vo            vo      -     -
    company of others             -        -         voe     vo            vo      -     -
    deal of others                -        -         voe     vo            vo      -     -
""",
    ),
    models.Notice: (
        {
            "own": lambda w: make.notice(recipient=w.officer),
            "of others": lambda w: make.notice(),
        },
        """
    own                           voe      -         -       -             -       -     -
    of others                     -        -         -       -             -       -     -
""",
    ),
    models.CalendarFeed: (
        {
            "own": lambda w: make.calendar_feed(user=w.officer),
            "of others": lambda w: make.calendar_feed(),
        },
        """
    own                           vo       -         -       -             -       -     -
    of others                     -        -         -       -             -       -     -
""",
    ),
}
