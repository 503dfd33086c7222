"""Pages that run the installation: the mail log and the jobs. Part of this room's addresses, below /settings/."""

from django.urls import path

from accounts.views import bounce, jobs, mail

urlpatterns = [
    path("mail/", mail.mail_list, name="mail-list"),
    path("mail/<int:pk>/", mail.mail_detail, name="mail-detail"),
    path("mail/<int:pk>/preview/", mail.mail_preview, name="mail-preview"),
    path("mail/<int:pk>/resend/", mail.mail_resend, name="mail-resend"),
    path("mail/<int:pk>/suppress/", mail.mail_suppress, name="mail-suppress"),
    path("mail/<int:pk>/bounce/", bounce.mail_bounce, name="mail-bounce"),
    path("people/<int:pk>/reachable/", bounce.bounce_end, name="bounce-end"),
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/<str:name>/", jobs.job_detail, name="job-detail"),
]
