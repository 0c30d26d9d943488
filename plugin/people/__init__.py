"""Who is who and where: communities, contexts, persons, identities, rights and relations."""
