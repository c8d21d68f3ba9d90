"""Addresses of what people are told."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("", views.OwnNotificationListView.as_view(), name="notification_list"),
    path("read/", views.ReadAllView.as_view(), name="notification_read_all"),
    path("preference/", views.PreferenceView.as_view(), name="preference"),
    path("outbox/", views.OutboxView.as_view(), name="outbox"),
    path("<int:pk>/", views.NotificationDetailView.as_view(), name="notification_detail"),
    path("<int:pk>/open/", views.OpenView.as_view(), name="notification_open"),
    path("<int:pk>/read/", views.ReadView.as_view(), name="notification_read"),
    path("<int:pk>/retry/", views.RetryView.as_view(), name="notification_retry"),
]
