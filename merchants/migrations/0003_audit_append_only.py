"""Number the sealed audit entries, and let the database itself refuse to change or remove any entry.

On SQLite a migration that rebuilds merchants_auditentry drops the triggers with the old table: it must end with
these operations again (doctor names missing triggers).
"""

from django.db import migrations, models

UNSEALED_COLUMNS = (
    "id", "at", "actor_id", "actor_label", "on_behalf_of_id", "commune_id", "action", "object_type", "object_id",
    "before", "after", "address", "request_id",
)
REFUSAL = "the audit log is append-only"


def _sqlite(schema_editor):
    same = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in UNSEALED_COLUMNS)
    schema_editor.execute(
        "CREATE TRIGGER merchants_audit_no_update BEFORE UPDATE ON merchants_auditentry WHEN NOT ("
        f"OLD.seal = '' AND OLD.seal_number IS NULL AND NEW.seal <> '' AND NEW.seal_number IS NOT NULL AND {same}"
        f") BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        params=None,
    )
    schema_editor.execute(
        "CREATE TRIGGER merchants_audit_no_delete BEFORE DELETE ON merchants_auditentry "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        params=None,
    )


def _postgresql(schema_editor):
    columns = ", ".join(f'{{row}}."{name}"' for name in UNSEALED_COLUMNS)
    same = f"ROW({columns.format(row='NEW')}) IS NOT DISTINCT FROM ROW({columns.format(row='OLD')})"
    schema_editor.execute(
        "CREATE FUNCTION merchants_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'UPDATE' AND OLD.seal = '' AND OLD.seal_number IS NULL AND NEW.seal <> '' "
        f"AND NEW.seal_number IS NOT NULL AND {same} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        params=None,
    )
    for name, event in (("merchants_audit_no_update", "UPDATE"), ("merchants_audit_no_delete", "DELETE")):
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON merchants_auditentry "
            "FOR EACH ROW EXECUTE FUNCTION merchants_audit_refuse()",
            params=None,
        )


def install(apps, schema_editor):
    {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor](schema_editor)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION merchants_audit_refuse() CASCADE", params=None)
    else:
        schema_editor.execute("DROP TRIGGER merchants_audit_no_update", params=None)
        schema_editor.execute("DROP TRIGGER merchants_audit_no_delete", params=None)


class Migration(migrations.Migration):
    dependencies = [("merchants", "0002_relations")]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="seal_number",
            field=models.PositiveBigIntegerField(blank=True, null=True, unique=True),
        ),
        migrations.RunPython(install, remove),
    ]
