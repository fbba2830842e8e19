from django.db import migrations

CREATE = """
CREATE FUNCTION take_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    filled regclass;
BEGIN
    FOR filled IN
        SELECT pg_class.oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(pg_class.oid) > 0
          AND relowner = current_user::regrole
    LOOP
        EXECUTE format('ANALYZE %s', filled);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION take_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_statistics() TO hearth_app;
"""


class Migration(migrations.Migration):
    dependencies = [("lib", "0001_extensions")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION take_statistics()")]
