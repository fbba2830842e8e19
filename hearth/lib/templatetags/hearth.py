"""Template words available on every page."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template import defaultfilters
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from hearth.lib import charts, icons, week_grid, written_dates

register = template.Library()

TONE_ICONS = {
    "pine": "check",
    "dusk": "info",
    "gold": "clock",
    "alarm": "triangle-alert",
    "ember": "flame",
    "success": "circle-check",
    "info": "info",
    "warning": "clock",
    "error": "triangle-alert",
    "debug": "info",
}
NATIVE_INPUTS = {  # the browser's own pickers want ISO, in every language
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.TimeInput: ("time", "%H:%M"),
}
FACE_TONES = ("dusk", "pine", "gold", "ember")


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "video" %}`: a lucide icon, hidden from screen readers."""
    return mark_safe(icons.svg(name))  # noqa: S308 - drawn from the package's own files


@register.simple_tag
def tone_icon(tone: str, chosen: str = "") -> SafeString:
    """The shape that goes with a colour word, so that colour never speaks alone."""
    return icon(chosen or TONE_ICONS.get(tone, "circle-dot"))


@register.filter("date", expects_localtime=True)
def written_date(value: Any, pattern: str | None = None) -> str:
    """Django's `date`, in the reader's language: `l j F` gives `Monday 23 November`, `lunes 23 de noviembre`."""
    return str(defaultfilters.date(value, pattern and written_dates.in_language(pattern)))


@register.filter
def roughly_since(moment: datetime, now: datetime) -> str:
    """`3 hours`, `2 days`: how long ago, in its largest unit alone."""
    return timesince(moment, now, depth=1)


@register.filter
def about_hours(minutes: int) -> str:
    """`179` → `3`, `870` → `14.5`: minutes as hours to the nearest half, for dense tables."""
    return number_format(round(minutes / 30) / 2, decimal_pos=None if round(minutes / 30) % 2 else 0)


@register.filter
def initials(name: str) -> str:
    """`Maya Reyes` → `MR`; a single name gives one letter."""
    words = [word for word in str(name).replace(".", " ").split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def face_tone(name: str) -> str:
    """Always the same quiet colour for the same name; never the colour of risk."""
    return FACE_TONES[sum(map(ord, str(name))) % len(FACE_TONES)]


@register.filter
def hours(minutes: int | None) -> str:
    """Minutes in words people use: 45 → `45 min`, 540 → `9 h`, 200 → `3 h 20 min`."""
    whole, rest = divmod(int(minutes or 0), 60)
    if not whole:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": whole}
    return _("%(hours)s h %(minutes)s min") % {"hours": whole, "minutes": rest}


@register.filter
def control(field: BoundField) -> SafeString:
    """The widget of a form field, with the browser's own date and time pickers."""
    widget = field.field.widget
    kind, pattern = NATIVE_INPUTS.get(type(widget), ("", ""))
    if kind and not field.errors:  # a picker cannot show again what was typed wrongly
        widget.input_type, widget.format = kind, pattern
    return field.as_widget()


@register.simple_tag
def options_of(choices: Iterable[tuple[str | None, Iterable[dict[str, Any]], int]]) -> SafeString:
    """The options of a select, group by group, made without a template: time zones are six hundred."""
    found = []
    for name, options, _index in choices:
        lines = "\n".join(map(_option, options))
        found.append(format_html('<optgroup label="{}">{}</optgroup>', name, SafeString(lines)) if name else lines)
    return mark_safe("\n".join(found))  # noqa: S308 - every word in it is escaped


def _option(option: dict[str, Any]) -> str:
    state = (" selected" if option["selected"] else "") + (" disabled" if option["attrs"].get("disabled") else "")
    return (
        f'<option value="{conditional_escape(option["value"])}"{state}>{conditional_escape(option["label"])}</option>'
    )


@register.filter
def widget_kind(field: BoundField) -> str:
    """Which shape a field takes: `choices`, `check` or `line`."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "line"


@register.simple_tag
def week_of(days: Iterable[date], slots: Iterable[Any], earliest: int = 9, latest: int = 17) -> week_grid.Week[Any]:
    return week_grid.lay_out(days, slots, earliest=int(earliest), latest=int(latest))


@register.simple_tag
def trajectory_of(points: Iterable[Any], bands: Sequence[charts.Band], goal: str | float = "") -> charts.Trajectory:
    return charts.trajectory(points or (), bands or (), goal=None if goal in ("", None) else float(goal))


@register.simple_tag
def sparkline_of(values: Sequence[float], high: str | float = "") -> tuple[str, charts.Dot | None]:
    return charts.sparkline(list(values or ()), high=float(high) if high else None)


@register.simple_tag
def dose_of(weeks: Sequence[Any]) -> charts.DoseChart:
    return charts.dose(list(weeks))


@register.simple_tag
def share(part: float, whole: float) -> str:
    return charts.share(float(part or 0), float(whole or 0))


@register.filter
def percent(part: float) -> str:
    """A share of one as a whole percentage: 0.42 → 42 %."""
    return f"{round(part * 100)} %"


@register.filter
def signed(value: float) -> str:
    """A difference with its sign: 3 → `+3`, -2.5 → `-2.5`."""
    return f"+{number_format(value)}" if value > 0 else number_format(value)


@register.filter
def whole(value: float) -> str:
    """A number without an empty fraction: 9.0 → `9`, 6.5 → `6.5`."""
    return f"{value:g}"


@register.simple_tag(takes_context=True)
def page_link(context: template.Context, number: int, question: str = "page") -> str:
    """This page's own address with another `page`, other questions kept. A second list asks by another name."""
    asked = context["request"].GET.copy()
    asked[question] = str(number)
    return f"?{asked.urlencode()}"
