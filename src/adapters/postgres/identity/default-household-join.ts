/**
 * The membership a sign-in starts in, as `m` with its household `h`, given `users AS u`: the home if
 * the user is still there, else the oldest one.
 */
export const defaultHousehold = `LEFT JOIN LATERAL (
    SELECT household_id, role FROM household_members WHERE user_id = u.id
    ORDER BY (household_id IS NOT DISTINCT FROM u.household_id) DESC, joined_at, household_id LIMIT 1
  ) AS m ON true
  LEFT JOIN households AS h ON h.id = m.household_id`;
