from django.urls import path

from accounts.views import begin

app_name = "accounts"
urlpatterns = [
    path("begin/", begin.begin, name="begin"),
]
