package match

// shortForms are contractions without their apostrophe, what people shorten in
// a chat, and spellings that two countries do not share.
var shortForms = map[string]string{
	"can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not", "ain't": "is not",
	"let's": "let us", "y'all": "you all",
	"whats": "what is", "whos": "who is", "wheres": "where is", "whens": "when is", "hows": "how is", "whys": "why is",
	"thats": "that is", "theres": "there is", "isnt": "is not", "arent": "are not", "dont": "do not", "doesnt": "does not",
	"didnt": "did not", "wasnt": "was not", "werent": "were not", "cant": "can not", "wont": "will not", "im": "i am",
	"ive": "i have", "theyre": "they are", "youre": "you are", "hasnt": "has not", "havent": "have not",
	"r": "are", "u": "you", "ur": "your", "y": "why", "k": "ok", "okay": "ok", "b4": "before", "2day": "today", "tmrw": "tomorrow",
	"pls": "please", "plz": "please", "thx": "thanks", "ty": "thanks", "tnx": "thanks", "thks": "thanks", "cheers": "thanks",
	"ppl": "people", "peeps": "people", "amt": "amount", "yr": "year", "yrs": "years", "mth": "month", "wk": "week", "w": "with",
	"abt": "about", "bc": "because", "cuz": "because", "coz": "because", "cos": "because", "vs": "versus", "govt": "government", "mgmt": "management",
	"mgr": "manager", "dept": "department", "depts": "departments", "info": "information", "num": "number", "approx": "about",
	"wat": "what", "wut": "what", "wen": "when", "wich": "which", "wud": "would", "cud": "could", "shud": "should",
	"gonna": "going to", "wanna": "want to", "gotta": "got to", "gimme": "give me", "lemme": "let me", "dunno": "do not know",
	"emps": "employees", "emp": "employee", "corp": "corporate", "exec": "executive", "execs": "executives", "biz": "business",
	"comp": "compensation", "mtg": "meeting", "rn": "right now", "asap": "soon", "eod": "today", "fyi": "",
	"tldr": "summary", "aka": "called", "btw": "", "imo": "", "imho": "", "tbh": "", "lmk": "tell me", "idk": "do not know",
	"cheque": "check", "cheques": "checks", "programme": "program", "programmes": "programs", "organisation": "organization",
	"organisations": "organizations", "centre": "center", "centres": "centers", "labour": "labor", "favour": "favor",
	"finalised": "finalized", "finalise": "finalize", "summarise": "summarize", "organised": "organized", "criticised": "criticized",
	"licence": "license", "grey": "gray", "colour": "color", "behaviour": "behavior", "neighbour": "neighbor",
	"lay-off": "layoff", "artificial-intelligence": "ai",
}

// endings are what stands behind the apostrophe of a contraction.
var endings = map[string]string{"re": "are", "ve": "have", "ll": "will", "m": "am", "d": "would"}

// questionWords are those behind which 's is a verb and no possessive.
var questionWords = map[string]bool{
	"what": true, "who": true, "where": true, "when": true, "how": true, "why": true, "which": true,
	"that": true, "there": true, "it": true, "he": true, "she": true, "here": true,
}
