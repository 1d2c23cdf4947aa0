"""The demo's pages: home, stories, a guide, policies, in Vietnamese and English."""
