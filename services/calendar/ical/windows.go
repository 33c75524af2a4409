package ical

// windowsZones are the time zones of Windows and Outlook, in small letters, by the zone of the database that the Unicode
// CLDR (supplemental/windowsZones.xml, territory 001) gives for each. Those of other continents come with a VTIMEZONE.
var windowsZones = map[string]string{
	"utc":                            "UTC",
	"gmt standard time":              "Europe/London",
	"greenwich standard time":        "Atlantic/Reykjavik",
	"w. europe standard time":        "Europe/Berlin",
	"central europe standard time":   "Europe/Budapest",
	"central european standard time": "Europe/Warsaw",
	"romance standard time":          "Europe/Paris",
	"fle standard time":              "Europe/Kiev",
	"gtb standard time":              "Europe/Bucharest",
	"e. europe standard time":        "Europe/Chisinau",
	"kaliningrad standard time":      "Europe/Kaliningrad",
	"turkey standard time":           "Europe/Istanbul",
	"russian standard time":          "Europe/Moscow",
	"belarus standard time":          "Europe/Minsk",
	"eastern standard time":          "America/New_York",
	"central standard time":          "America/Chicago",
	"mountain standard time":         "America/Denver",
	"pacific standard time":          "America/Los_Angeles",
	"helsinki, kiev, riga, sofia":    "Europe/Helsinki",
	"helsinki, kyiv, riga, sofia":    "Europe/Helsinki",
	"(utc+02:00) helsinki, kyiv, riga, sofia, tallinn, vilnius": "Europe/Helsinki",
	"suomi":                 "Europe/Helsinki",
	"tzone://microsoft/utc": "UTC", // of Exchange
}
