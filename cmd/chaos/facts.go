package main

// fact is a question and what its answer begins with.
type fact struct{ question, answer string }

// facts are questions that the base that ships answers. The answers differ, and
// none depends on what was asked before.
var facts = []fact{
	{"how much does Amazon want to invest in OpenAI?", "Amazon is in advanced talks to invest up to $50 billion in OpenAI."},
	{"how big is the funding round?", "OpenAI's new funding round might total up to $100 billion"},
	{"what share of the round would Amazon provide?", "If the negotiations succeed, Amazon's contribution could make up around half"},
	{"why does OpenAI need the money?", "The new funding round aims to support OpenAI's rapid growth"},
	{"who is OpenAI's rival?", "Anthropic is an AI developer and a rival of OpenAI."},
	{"who is leading the negotiations?", "Amazon CEO Andy Jassy is directly leading the negotiations"},
	{"who is the CEO of Amazon?", "Andy Jassy is the CEO of Amazon."},
	{"who is the CEO of OpenAI?", "Sam Altman is the CEO of OpenAI."},
	{"how many people is Amazon laying off?", "Amazon officially announced that it is laying off 16,000 employees"},
	{"why is Amazon laying people off?", "Amazon announced the layoffs as part of its earlier plan"},
	{"how many people were laid off in October?", "Before the latest round of cuts, Amazon laid off about 14,000"},
	{"how many jobs has Amazon cut in total?", "The latest cuts follow about 14,000 layoffs in October 2025"},
	{"how long do workers have to find another role?", "In the US, workers affected by Amazon's layoffs get up to 90 days"},
	{"what kind of company is Amazon?", "The article calls Amazon an e-commerce giant."},
	{"when was the article published?", "The article is dated 30 January 2026."},
}

// help is answered with buttons.
var help = fact{"help", "I'm an automated assistant"}

// fact is what an ask is about.
func (a ask) about() fact {
	if a.kind == press {
		return help
	}
	return facts[a.fact]
}
