"""The sample of ``lantern match sample``: ten people and a policy that explains itself."""

MENTEES = """\
id,languages,time_zone,hours,wants,goals,stage,teams,section,waited,apart,earlier
Amira,en; ar,Europe/Berlin,Tue 18-20; Thu 18-20,sql:0:3; statistics:1,project,1,,,0,,
Bo,en,Europe/Berlin,Mon 08-10; Tue 18-20,python:1:2; sql,understand,1,red,,0,,
Chioma,en; fr,Africa/Lagos,Wed 17-19,writing,confidence,0,,,1,,
Dmitri,de,Europe/Berlin,Sat 10-12,statistics:2,work,2,,,0,,
Elif,en; tr,Europe/Istanbul,Tue 19-21; Sun 16-18,python,project; work,1,,,0,Petra,
Farid,en,Asia/Dubai,Fri 09-11,sql; python:2,understand,1,,,0,,Omar:1
"""
MENTORS = """\
id,languages,time_zone,hours,offers,goals,stage,places,teams
Omar,en; ar,Asia/Dubai,Tue 20-22; Fri 09-11,sql:4; python:3,project; understand,3,2,
Petra,de; en,Europe/Berlin,Tue 18-20; Sat 10-12,statistics:4; python:2,work,4,1,red
Quentin,fr; en,Europe/Paris,Wed 18-20,writing:3,confidence,2,1,
Rosa,en; es,Europe/Madrid,Mon 08-10; Tue 18-21,python:4; sql:2,understand; project,3,1,
"""
POLICY = """\
# Hard rules
minimum_common_slots = 2   # half hours a week that both are free
require_skill = true       # at least one useful skill

# Weights: what one thousandth of each factor counts
skills = 50
goals = 15
hours = 20
near_peer = 15
style = 0
values = 0

# Score that is added or taken off
keep = 0                   # for a pair that runs already
repeat = 20000             # for each time two were a pair before
waiting = 2000             # for each matching that left somebody over

# total: the most overall; floor: the most for whoever has least; load: even work for mentors
aim = "total"
balance = 0                # with load: what each further pair of a mentor costs
"""
FILES = {"mentees.csv": MENTEES, "mentors.csv": MENTORS, "policy.toml": POLICY}
