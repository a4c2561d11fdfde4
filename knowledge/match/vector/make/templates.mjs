// What people ask at work, written for this table: ways to ask and things to ask
// about. They are sentences to learn the teacher's vectors from; and two ways to
// ask the same about one thing must come nearer to each other than to other
// questions about it.

const list = text => text.trim().replace(/\s+/g, ' ').split('; ');

// Each relation is a list of ways to ask the same about {x}. The first must be
// what {x} is: definitions are learned with it.
export const relations = {
  define: list(`
    what is {x}; what does {x} mean; define {x}; can you explain {x}; meaning of {x}; explain
    {x} to me; what exactly is {x}; tell me what {x} is; give me a definition of {x}
  `),
  about: list(`
    tell me about {x}; give me an overview of {x}; summarise {x}; what is the story on {x}; fill
    me in on {x}; what should i know about {x}; quick summary of {x} please; whats the gist of
    {x}
  `),
  when: list(`
    when is {x}; what date is {x}; when does {x} happen; what day is {x}; do we know the date of
    {x}; when will {x} take place; timing of {x}; what time is {x}
  `),
  start: list(`
    when does {x} start; when will {x} begin; start date of {x}; when did {x} begin; since when
    do we have {x}; when was {x} started; when was {x} introduced
  `),
  end: list(`
    when does {x} end; when will {x} be over; end date of {x}; by when will {x} be finished;
    when will {x} be completed; when does {x} close; deadline for {x}; what is the deadline of
    {x}
  `),
  duration: list(`
    how long does {x} take; how long will {x} last; duration of {x}; how many days is {x}; what
    is the length of {x}; how much time does {x} need; how many weeks does {x} take
  `),
  where: list(`
    where is {x}; where can i find {x}; location of {x}; in which place is {x}; where does {x}
    take place; where would i go for {x}; what is the location of {x}; in which countries is {x}
  `),
  who: list(`
    who is responsible for {x}; who is in charge of {x}; who leads {x}; who runs {x}; who
    handles {x}; who is behind {x}; whose job is {x}; who heads up {x}; which person is leading
    {x}
  `),
  contact: list(`
    who do i contact about {x}; who should i ask about {x}; who can help me with {x}; contact
    for {x}; whom do i talk to about {x}; is there someone to ask about {x}
  `),
  why: list(`
    why is there {x}; what is the reason for {x}; what is the purpose of {x}; how come there is
    {x}; reason behind {x}; why do we need {x}; what explains {x}; what caused {x}; what led to
    {x}
  `),
  how: list(`
    how does {x} work; how do i use {x}; explain how {x} works; how is {x} done; what is the
    process for {x}; what are the steps for {x}; show me how to do {x}
  `),
  cost: list(`
    how much does {x} cost; what is the price of {x}; cost of {x}; how expensive is {x}; what
    would i pay for {x}; what are the costs of {x}; how much money is {x}; price of {x}
  `),
  amount: list(`
    how much is {x}; what is the amount of {x}; how large is {x}; how big is {x}; size of {x};
    what is the total of {x}; what figure is given for {x}; how big will {x} be
  `),
  count: list(`
    how many {x} are there; what is the number of {x}; number of {x}; count of {x}; how many of
    {x} do we have; total number of {x}; what is the headcount of {x}
  `),
  share: list(`
    what percentage is {x}; what share does {x} have; what portion is {x}; how much of the total
    is {x}; what fraction does {x} make up; what proportion is {x}
  `),
  possible: list(`
    can i get {x}; is {x} possible; am i allowed {x}; do i have access to {x}; may i use {x};
    are we permitted {x}; is {x} allowed; am i eligible for {x}; do i qualify for {x}
  `),
  confirmed: list(`
    is {x} confirmed; is {x} official; is {x} certain; has {x} been announced; is {x} a done
    deal; has {x} been finalised; is {x} still only a rumour; could {x} still change; is {x}
    final
  `),
  source: list(`
    who reported {x}; where does the news about {x} come from; what is the source for {x}; who
    said that about {x}; which newspaper wrote about {x}; where was {x} reported; according to
    whom is {x}
  `),
  effect: list(`
    what does {x} mean for us; how does {x} affect me; what are the effects of {x}; impact of
    {x}; what will change because of {x}; what are the consequences of {x}; who is affected by
    {x}
  `),
  previous: list(`
    was there {x} before; has {x} happened before; when was the last {x}; what was the previous
    {x}; earlier {x}; how was {x} last time; history of {x}
  `),
  next: list(`
    what happens next with {x}; what is the next step for {x}; will there be more {x}; are more
    {x} planned; what is planned for {x}; what comes after {x}; future of {x}
  `),
  cancel: list(`
    how do i cancel {x}; can i cancel {x}; stop {x}; i want to get rid of {x}; how can i end
    {x}; i no longer want {x}; please cancel {x}
  `),
  problem: list(`
    {x} does not work; there is a problem with {x}; why is {x} not working; i have trouble with
    {x}; {x} is broken; something is wrong with {x}; what do i do if {x} fails
  `),
  kinds: list(`
    what kinds of {x} are there; which types of {x} exist; list all {x}; what are the options
    for {x}; which {x} are available; what {x} do we offer; name the {x}; give me the list of
    {x}
  `),
  compare: list(`
    is {x} better than before; how does {x} compare; what is the difference with {x}; how is {x}
    different; compare {x} with the others; difference between {x} and the rest
  `),
};

// Things of offices, business, employment and the news.
export const phrases = list(`
  severance package; severance pay; layoffs; job cuts; redundancies; staff reductions; workforce
  reduction; restructuring; reorganisation; hiring freeze; the notice period; unemployment
  benefits; career counselling; outplacement services; internal transfer; internal job openings;
  the retirement plan; health insurance; parental leave; sick leave; annual leave; paid
  holidays; vacation days; the bonus; stock options; salary increase; overtime pay; the payslip;
  the payroll; expense report; travel reimbursement; the budget; the quarterly report; annual
  revenue; net profit; operating costs; market share; share price; stock market; dividends; the
  merger; the acquisition; the takeover; the joint venture; the partnership; the investment; the
  funding round; venture capital; the valuation; equity stake; ownership share; minority stake;
  convertible note; the loan; interest rates; inflation; the lawsuit; the settlement; antitrust
  review; regulatory approval; government approval; the regulator; the contract; supply
  agreement; licence agreement; the deal; the negotiations; the talks; terms of the agreement;
  closing of the deal; board of directors; the board meeting; the chief executive; the ceo; the
  cfo; the chairman; the founder; the head of sales; the shareholders; the investors; the
  competitors; the rival company; the subsidiary; the supplier; the customer; data centre; cloud
  computing; computing power; artificial intelligence; machine learning models; language models;
  computer chips; semiconductors; the product launch; the press release; the announcement; the
  press conference; the spokesperson; the analyst report; the newspaper report; the forecast;
  the outlook; the strategy; the roadmap; the project; the deadline; the team; middle
  management; management layers; the hierarchy; bureaucracy; office employees; corporate staff;
  warehouse workers; remote work; return to office; office hours; the parking space; the wifi
  password; vpn access; laptop replacement; password reset; security training; the cafeteria;
  the meeting room; the onboarding; the probation period; performance review; the promotion; job
  title; employment contract; work permit; relocation support; training budget; the union; works
  council; the strike; the tax return; the invoice; the purchase order; credit rating;
  bankruptcy; initial public offering; stock exchange listing; the headquarters; the factory;
  the office in london; the new branch; the election; the new law; the tariff; the trade
  agreement; the climate target; the survey; the study; the trial; the vaccine; the outage; the
  incident; the data breach; the software update
`);
