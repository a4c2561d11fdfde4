module footnote/knowledge/match/vector/make

go 1.26
