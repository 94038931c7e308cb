-- The same of vectors that stand nowhere yet, added up as they would be there. $1 real[], $2 text[] of real[] literals.
select given.place::integer,
       (select sum(a * b) from unnest(given.vector::real[], $1::real[]) as pair (a, b))::float8 as cosine
from unnest($2::text[]) with ordinality as given (vector, place)
