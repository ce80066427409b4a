/**
 * Joins the membership in which a sign-in starts as `m` and its household as `h`, given `users AS
 * u`: the default household if the user is still a member, else the oldest membership.
 */
export const defaultHousehold = `LEFT JOIN LATERAL (
    SELECT household_id, role FROM household_members WHERE user_id = u.id
    ORDER BY (household_id IS NOT DISTINCT FROM u.household_id) DESC, joined_at, household_id LIMIT 1
  ) AS m ON true
  LEFT JOIN households AS h ON h.id = m.household_id`;
