from django.db import migrations

FORWARD = """
ALTER TABLE portfolio_pilot ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', summary), 'B')
) STORED;
CREATE INDEX portfolio_pilot_words ON portfolio_pilot USING gin (words);
"""
BACKWARD = """
DROP INDEX portfolio_pilot_words;
ALTER TABLE portfolio_pilot DROP COLUMN words;
"""


class Migration(migrations.Migration):
    """Words of title and summary, kept by the database; unknown to the models, so that no list carries them along."""

    dependencies = [("portfolio", "0002_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
