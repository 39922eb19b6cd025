"""Addresses of accounts."""

from django.urls import path

from accounts.views import login, second_factor

urlpatterns = [
    path("masuk/", login.LoginView.as_view(), name="login"),
    path("masuk/kode/", second_factor.login_code, name="login_code"),
    path("dua-langkah/", second_factor.second_factor, name="second_factor"),
    path("keluar/", login.LogoutView.as_view(), name="logout"),
    path("sandi/", login.PasswordChangeView.as_view(), name="password_change"),
    path("sandi/selesai/", login.PasswordChangeDoneView.as_view(), name="password_change_done"),
]
