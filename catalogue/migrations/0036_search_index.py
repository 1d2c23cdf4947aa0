"""The index behind catalogue.search: FTS5 on SQLite; on PostgreSQL a generated tsvector with GIN, and trigrams.

Django's state knows nothing of it: the listing table's model stays the same on both.
"""

from django.db import migrations, transaction
from django.db.utils import DatabaseError

SQLITE = """
CREATE VIRTUAL TABLE catalogue_listed_words USING fts5(title, rest, tokenize='unicode61', prefix='2 3')
"""
POSTGRESQL = (
    """
    ALTER TABLE catalogue_listedproduct ADD COLUMN words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, folded_title), 'A')
        || setweight(to_tsvector('simple'::regconfig, folded_text), 'D')
    ) STORED
    """,
    "CREATE INDEX listed_words ON catalogue_listedproduct USING gin (words)",
)


def make_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)
        schema_editor.execute(
            "INSERT INTO catalogue_listed_words (rowid, title, rest) "
            "SELECT product_id, folded_title, folded_text FROM catalogue_listedproduct"
        )
        return
    for statement in POSTGRESQL:
        schema_editor.execute(statement)
    try:
        # Needs a right that hosted databases may not give; search works without, only misspelt words find nothing.
        with transaction.atomic(using=connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    schema_editor.execute(
        "CREATE INDEX listed_trigrams ON catalogue_listedproduct USING gin (folded_title gin_trgm_ops)"
    )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE catalogue_listed_words")
        return
    schema_editor.execute("DROP INDEX IF EXISTS listed_trigrams")
    schema_editor.execute("ALTER TABLE catalogue_listedproduct DROP COLUMN words")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0035_listed_for_search")]
    operations = [migrations.RunPython(make_index, drop_index)]
