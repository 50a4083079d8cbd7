-- Drop the trigger function. The schema stays: the shared plugin's first version made it and drops it.
drop function if exists qar.set_updated_at();
