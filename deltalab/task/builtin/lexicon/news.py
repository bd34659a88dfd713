"""What is in the news."""

from __future__ import annotations

from deltalab.task.builtin.lexicon.subject import Subjects
from deltalab.task.builtin.recipe import words

__all__ = ["NEWS"]

THINGS = {
    "business": words("""
        merger, stock market, shareholders, bank crash, oil price, takeover, profits, interest rate, trade deficit,
        investors, startup, dividend, currency, payroll, export, supermarket chain, inflation, loan, bankruptcy,
        carmaker, wages, tariff, quarterly report, brand, retailer, mortgage, factory closure, accountant,
        pension fund, airline sale
    """),
    "crime": words("""
        robbery, burglar, murder, kidnapping, arrest, detective, smugglers, fraud, shoplifter, hostage, pickpocket,
        forgery, gang, police raid, fingerprints, ransom, stolen jewels, arson, thief, blackmail, handcuffs, suspect,
        getaway car, escaped prisoner, fugitive, vandals, counterfeit notes, swindler, bank heist, poisoning
    """),
    "health": words("""
        flu, vaccine, epidemic, hospital beds, nurses, surgeon, allergy, cancer drug, insulin, blood donors, vitamins,
        asthma spray, clinic, heart disease, measles, obesity study, painkiller, midwives, sleep disorder, dentists,
        antibiotics, virus, therapy, smoking ban, patients, infection, transplant, headache pill, blood pressure,
        hearing aid
    """),
    "politics": words("""
        election, senator, parliament, minister, ballot, coalition, president, treaty, voters, embassy, reform bill,
        mayor, referendum, opposition, ambassador, cabinet, constitution, governor, party congress, diplomat,
        campaign, lobbyists, veto, border talks, chancellor, petition, sanctions, census, tax law, candidate
    """),
    "sport": words("""
        goalkeeper, championship, marathon, tennis final, coach, penalty, stadium, sprinter, medal, swimmer, referee,
        cyclist, boxing match, league table, striker, relay, semifinal, gymnast, wrestler, hockey team, quarterback,
        world record, golf tournament, ski race, rowing crew, trophy, high jump, javelin, basketball game,
        transfer of the midfielder
    """),
    "weather": words("""
        storm, heavy rain, drought, snowfall, hurricane, flood, heat wave, fog, thunder, frost, tornado, hail,
        sunshine, blizzard, strong wind, lightning, cold spell, humidity, forecast, icy roads, rainbow, drizzle,
        clouds, temperature, monsoon, avalanche warning, mist, sleet, breeze, rising tide
    """),
}
NEWS = Subjects(
    THINGS,
    words("""
        the evening paper, our reporter, the radio host, the local channel, a columnist, the editor, the morning show,
        the news agency, a foreign correspondent, the weekly magazine, the photographer, the anchorman, a blogger,
        the press office, the front page, a freelance journalist, the nine o'clock news, the website,
        a famous podcaster, the student gazette
    """),
    words("""
        on Monday, on Tuesday, on Thursday, last night, this morning, at noon, over the weekend, all week, yesterday,
        once again, in the first hour, for two days, before midnight, this month, in the late edition, since Friday
    """),
    (
        "{who} reported on the {a} and the {b} {when}",
        "{when} {who} led with the {a}",
        "{who} interviewed witnesses about the {a} {when}",
        "{when} {who} printed photographs of the {a} and the {b}",
        "{who} told readers more about the {a} {when}, and then about the {b}",
    ),
    (
        "{who} reported on the {a} {when}, not on the {x}",
        "{who} did not report on the {x} {when}, but on the {a}",
        "{when} {who} dropped the {x} and led with the {a}",
        "{when} {who} led with the {a} and dropped the {x}",
        "{who} covered the {a} {when}, and never mentioned the {x}",
        "{when} {who} wrote about the {a} rather than about the {x}",
        "{who} was tired of the {x} {when} and asked about the {a}",
        "instead of the {x}, {who} covered the {a} {when}",
        "{who} covered the {a} {when} instead of the {x}",
        "{when} {who} turned away from the {x} and back to the {a}",
        "{who} ignored the {x} {when} and showed the {a}",
        "nothing about the {x} {when}: {who} had only the {a} in mind",
    ),
)
