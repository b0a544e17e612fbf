"""How long and how many: bounds that keep pages readable and the database small, each said in the refusal."""

TITLE_LENGTH = 200
BODY_LENGTH = 60_000
NOTE_LENGTH = 2_000
FIELD_LENGTH = 20_000
MERGED_FIELD_LENGTH = 60_000  # what two people wrote without a connection must still fit together
MERGED_RECORD_LENGTH = 240_000
ENVIRONMENT_LENGTH = 4_000
SUMMARY_LENGTH = 4_000
REASON_LENGTH = 400
NEXT_ACTION_LENGTH = 200
TAGS_PER_THREAD = 8
TAG_LENGTH = 40
DRAFT_LENGTH = 200_000
CLIENT_ID_LENGTH = 64
ATTACHMENT_BYTES = 10 * 1024 * 1024
ATTACHMENTS_PER_POST = 10
