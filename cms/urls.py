"""Addresses of cms; its pages are served by Wagtail."""

from django.urls import path

from cms.news_feed import news_feed

app_name = "cms"
urlpatterns = [path("feeds/tin.xml", news_feed, name="news_feed")]
