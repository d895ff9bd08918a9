"""数据中心台账: the register of data centres, a row for each kind of compute."""

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm.models import DataCentre, DataCentreCompute
from crm.names import match_key

from .resource import Ledger
from .widgets import ChoiceWidget, DateWidget, QuantityWidget, TextWidget

STATES = {
    "已上线": "online", "在线": "online", "运行": "online", "投运": "online", "建成": "online",
    "投产": "online", "在建": "building", "建设中": "building", "规划": "planned",
    "拟建": "planned", "筹备": "planned", "签约": "planned",
}  # fmt: skip
KINDS = {
    "智算": "intelligent", "智能算力": "intelligent", "超算": "super", "通算": "general",
    "通用": "general", "边缘": "edge",
}  # fmt: skip
PRECISIONS = {
    "FP64": "fp64", "双精度": "fp64", "FP32": "fp32", "单精度": "fp32", "FP16": "fp16",
    "半精度": "fp16", "INT8": "int8", "未注明": "",
}  # fmt: skip


class DataCentreLedger(Ledger):
    kind, model = "data_centres", DataCentre
    looks_at = (DataCentre, DataCentreCompute)
    fields_of_columns = {"planned_live_on": "planned_live", "live_on": "live",
                         "green_power_share": "green"}  # fmt: skip

    name = Field(column_name="name", widget=TextWidget(120))
    park = Field(column_name="park", widget=TextWidget(160))
    operator = Field(column_name="operator", widget=TextWidget(120))
    state = Field(column_name="state", widget=ChoiceWidget(STATES, contains=True))
    phase = Field(column_name="phase", widget=TextWidget(40))
    compute_kind = Field(column_name="kind", widget=ChoiceWidget(KINDS, contains=True))
    precision = Field(column_name="precision", widget=ChoiceWidget(PRECISIONS, contains=True))
    planned_p = Field(column_name="planned_p", widget=QuantityWidget("parse_compute_p"))
    online_p = Field(column_name="online_p", widget=QuantityWidget("parse_compute_p"))
    building_p = Field(column_name="building_p", widget=QuantityWidget("parse_compute_p"))
    reserved_p = Field(column_name="reserved_p", widget=QuantityWidget("parse_compute_p"))
    racks = Field(column_name="racks", widget=QuantityWidget("parse_count"))
    it_load_mw = Field(column_name="it_load_mw", widget=QuantityWidget("parse_power_mw"))
    pue = Field(column_name="pue", widget=QuantityWidget("parse_ratio"))
    green = Field(column_name="green", widget=QuantityWidget("parse_percent"))
    planned_live = Field(column_name="planned_live", widget=DateWidget(planned=True))
    live = Field(column_name="live", widget=DateWidget())
    source = Field(column_name="source", widget=TextWidget(one_line=False))

    def needed(self):
        return ("name",)

    def look_up(self, rows):
        known = DataCentre.objects.live().open_to(self.user).select_related("park")
        self.writable = set(known.editable_by(self.user).values_list("pk", flat=True))
        self.centres = {match_key(centre.name): centre for centre in known}
        parts = DataCentreCompute.objects.filter(data_centre__in=self.writable)
        self.parts = {
            (part.data_centre_id, part.phase, part.kind, part.precision): part for part in parts
        }

    def take(self, entry, values):
        key = match_key(values["name"])
        new = DataCentre(name=values["name"], state=DataCentre.State.PLANNED)
        centre = self.centres.get(key, new)
        park, _text = self.place(entry, "park", "park", values.get("park"))
        days = {"planned_live_on": values.get("planned_live"), "live_on": values.get("live")}
        self.put(
            entry, centre, park=park, operator=values.get("operator"), state=values.get("state"),
            racks=values.get("racks"), it_load_mw=values.get("it_load_mw"), pue=values.get("pue"),
            green_power_share=values.get("green"), source=values.get("source"), **days,
        )  # fmt: skip
        self.settle(entry, self.centres, key, centre, _("data centre"), centre.name)
        if values.get("kind"):
            self._put_part(entry, centre, values, days)
        if entry.changes and centre.pk is not None and centre.pk not in self.writable:
            self.refuse(entry, "name", _("Data centres are kept by the bureau."))

    def _put_part(self, entry, centre, values, days) -> None:
        """Compute of one kind and precision: never added to another."""
        own = {"phase": values.get("phase") or "", "kind": values["kind"],
               "precision": values.get("precision") or ""}  # fmt: skip
        key = (centre.pk or id(centre), *own.values())
        part = self.parts.get(key)
        is_new = part is None
        part = part or DataCentreCompute(data_centre=centre, **own)
        sizes = {n: values.get(n) for n in ("planned_p", "online_p", "building_p", "reserved_p")}
        self.put(entry, part, **sizes, **days)
        if is_new:
            entry.change(_("compute"), "", str(part))
            self.add(entry, part)
            self.workspace.remember(self.parts, key, part)
        else:
            self.check(part)
