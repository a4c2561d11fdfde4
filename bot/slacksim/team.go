package slacksim

func (w *Workspace) authTest(c call) (object, error) {
	if c.kind == appKind {
		return object{"app_id": appID, "app_name": botName}, nil
	}
	return object{
		"url": c.base + "/", "team": teamName, "user": botName, "team_id": teamID,
		"user_id": botUser, "bot_id": botID, "is_enterprise_install": false,
	}, nil
}

func (w *Workspace) botInfo(c call) (object, error) {
	switch c.args["bot"] {
	case "":
		return nil, refuse("missing_argument")
	case botID:
		return object{"bot": object{"id": botID, "deleted": false, "name": botName, "updated": 0, "app_id": appID, "user_id": botUser}}, nil
	}
	return nil, refuse("bot_not_found")
}

func (w *Workspace) teamInfo(call) (object, error) {
	return object{"team": object{"id": teamID, "name": teamName, "domain": domain, "email_domain": ""}}, nil
}

func (w *Workspace) userInfo(c call) (object, error) {
	u := w.user(c.args["user"])
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": u.wire()}, nil
}

func (w *Workspace) listUsers(c call) (object, error) {
	all := make([]object, len(w.users))
	for i, u := range w.users {
		all[i] = u.wire()
	}
	return paged(c, "members", all)
}

// wire returns a user as the Web API shows it.
func (u *user) wire() object {
	profile := object{"real_name": u.realName, "display_name": u.name, "real_name_normalized": u.realName, "display_name_normalized": u.name, "team": u.teamID()}
	if u.bot {
		profile["bot_id"], profile["api_app_id"] = botID, appID
	}
	return object{
		"id": u.id, "team_id": u.teamID(), "name": u.name, "real_name": u.realName, "deleted": false,
		"is_bot": u.bot, "is_app_user": false, "is_admin": false, "is_owner": false, "is_restricted": u.guest, "is_ultra_restricted": false, "is_stranger": u.team != "",
		"tz": "Etc/UTC", "tz_label": "Coordinated Universal Time", "tz_offset": 0, "updated": 0, "profile": profile,
	}
}
