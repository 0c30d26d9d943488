"""Every version of forms, agreements, agendas, rubrics, cards and message texts."""
