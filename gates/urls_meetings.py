"""Addresses of meetings, of their agendas, and of calendars, in the namespace of this room."""

from django.urls import path

from gates.views import agenda, attendance, calendar, meeting

_MEETING = "meetings/<int:pk>/"
_ITEM = f"{_MEETING}items/<int:item>/"
urlpatterns = [
    path("meetings/", meeting.meeting_list, name="meeting-list"),
    path("committees/<slug:slug>/meetings/add/", meeting.meeting_create, name="meeting-create"),
    path("committees/<slug:slug>/substitutes/", attendance.stand_in_list, name="stand-in-list"),
    path("committees/<slug:slug>/substitutes/<int:pk>/end/", attendance.stand_in_end, name="stand-in-end"),
    path(_MEETING, meeting.meeting_detail, name="meeting-detail"),
    path(f"{_MEETING}print/", meeting.meeting_print, name="meeting-print"),
    path(f"{_MEETING}edit/", meeting.meeting_edit, name="meeting-edit"),
    path(f"{_MEETING}open/", meeting.meeting_open, name="meeting-open"),
    path(f"{_MEETING}cancel/", meeting.meeting_cancel, name="meeting-cancel"),
    path(f"{_MEETING}begin/", meeting.meeting_begin, name="meeting-begin"),
    path(f"{_MEETING}close/", meeting.meeting_close, name="meeting-close"),
    path(f"{_MEETING}seats/<int:member>/", attendance.attendance_note, name="attendance-note"),
    path(f"{_MEETING}agenda/", agenda.agenda_fill, name="agenda-fill"),
    path(f"{_MEETING}agenda/agree/", agenda.agenda_agree, name="agenda-agree"),
    path(f"{_MEETING}items/add/", agenda.item_add, name="item-add"),
    path(_ITEM, agenda.item_edit, name="item-edit"),
    path(f"{_ITEM}drop/", agenda.item_drop, name="item-drop"),
    path(f"{_ITEM}place/", agenda.item_place, name="item-place"),
    path(f"{_ITEM}postpone/", agenda.item_postpone, name="item-postpone"),
    path(f"{_ITEM}time/", agenda.item_time, name="item-time"),
    path(f"{_ITEM}minutes/", agenda.item_minutes, name="item-minutes"),
    path("account/calendar/", calendar.calendar, name="calendar"),
    path("account/calendar/end/", calendar.calendar_end, name="calendar-end"),
    path("calendar/<str:key>.ics", calendar.calendar_feed, name="calendar-feed"),
]
