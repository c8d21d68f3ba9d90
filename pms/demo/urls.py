"""Address of the demo's sign-in."""

from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [path("sign-in/", views.DemoSignInView.as_view(), name="sign_in")]
