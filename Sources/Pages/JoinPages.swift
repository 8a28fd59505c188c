import Core
import HTTPTypes
import Web

// MARK: - Accepting an invitation

extension PageService {
    var joiningEndpoints: [Endpoint] {
        [
            page("/join") { call in linkForm(FormState(call), call) },
            action("/join", fields: ["token"], rateLimit: .entrance, openInvitation),
            action("/join/accept", fields: ["token", "password", "code"], rateLimit: .entrance, acceptInvitation),
        ]
    }

    /// The secret part of the link stands behind `#`, which browsers send to no server: the script fills it in, and
    /// where there is none, the person does.
    private func linkForm(_ state: FormState, _ call: Call) -> Reply {
        let sheet = Sheet(call)
        return sheet.reply(sheet.say("接受邀请", "Accept an invitation")) { page in
            page.refusal(state, fields: ["token"])
            page.element(
                "form",
                ["method": "post", "action": "/join", "class": "narrow", "data-link": "submit"]
            ) { page in
                page.linkField(state)
                page.submit(sheet.say("继续", "Go on"))
            }
        }
    }

    private func openInvitation(_ call: Call) async throws -> Reply {
        let found = try await showing { failure in
            linkForm(FormState(call, failure), call)
        } _: {
            try await invitation(call)
        }
        return joiningForm(FormState(call), call, found)
    }

    private func invitation(_ call: Call) async throws -> JSON {
        let token = LinkText.token(in: call.form["token"])
        return try await api.ask("POST /v1/invitations/open", call, json: ["token": JSON(token)]).json()
    }

    private func acceptInvitation(_ call: Call) async throws -> Reply {
        let token = JSON.Member("token", JSON(LinkText.token(in: call.form["token"])))
        let entrance = try await showing { failure in
            // A link that is none any more has nothing to show.
            guard let opened = try? await invitation(call) else { return linkForm(FormState(call, failure), call) }
            return joiningForm(FormState(call, failure), call, opened)
        } _: {
            let members = [token] + call.form.members(["password", "code"])
            return try await api.ask("POST /v1/invitations/accept", call, json: .object(members)).json()
        }
        return signedIn(recoveryCodes(entrance.list("recovery_codes").compactMap(\.stringValue), call), entrance)
    }

    private func joiningForm(_ state: FormState, _ call: Call, _ invitation: JSON) -> Reply {
        let sheet = Sheet(call)
        let organization = invitation["organization"]?.text("name") ?? ""
        return sheet.reply(sheet.say("加入 \(organization)", "Join \(organization)")) { page in
            page.element("p") { page in
                page.text(sheet.say("登录账号：", "You will sign in as "))
                page.element("strong", invitation.text("login"))
            }
            page.refusal(state, fields: ["password", "code"])
            page.element("form", ["method": "post", "action": "/join/accept", "class": "narrow"]) { page in
                page.hidden("token", LinkText.token(in: call.form["token"]))
                page.element("h2", sheet.say("一、设置密码", "1. Choose a password"))
                page.chosenPassword(state)
                page.element("h2", sheet.say("二、绑定动态验证码", "2. Set up your authenticator app"))
                page.authenticator(invitation["totp"] ?? .null, sheet)
                page.field(
                    Field(
                        name: "code",
                        label: sheet.say("应用中显示的 6 位数字", "The six digits that the app shows"),
                        autocomplete: "one-time-code",
                        inputMode: "numeric",
                        isSecret: true
                    ),
                    state
                )
                page.submit(sheet.say("加入", "Join"))
            }
        }
    }

    private func recoveryCodes(_ codes: [String], _ call: Call) -> Reply {
        let sheet = Sheet(call)
        return sheet.reply(sheet.say("请保存恢复码", "Keep your recovery codes")) { page in
            page.element("p", ["class": "notice"]) { page in
                page.text(
                    sheet.say(
                        "只显示这一次。手机丢失时，每个恢复码可以代替一次动态验证码。请打印或抄下，放在安全的地方。",
                        "They are shown this once. Without your phone, each of them stands in for a code. Print them, "
                            + "or write them down, and keep them safe."
                    )
                )
            }
            page.element("ol", ["class": "codes"]) { page in
                for code in codes { page.element("li") { $0.element("code", code) } }
            }
            page.element("p") { page in
                page.element(
                    "a",
                    ["class": "button main", "href": "/dealer"],
                    sheet.say("已保存，开始使用", "I have them; go on")
                )
            }
        }
    }
}

/// What people paste: the whole link, or what stands behind its mark.
enum LinkText {
    static func token(in text: String?) -> String {
        let last = (text ?? "").split(separator: "#").last.map(String.init) ?? ""
        return String(last.filter { !$0.isWhitespace })
    }
}

extension HTMLWriter {
    mutating func linkField(_ state: FormState) {
        element("div", ["class": "field", "data-token": ""]) { page in
            page.element("label", ["for": "token"], state.say("信中的链接", "The link in your letter"))
            page.element(
                "p",
                ["class": "hint", "id": "token-hint"],
                state.say("粘贴整条链接，或 # 后面的部分。", "Paste the whole link, or what stands behind the #.")
            )
            page.element(
                "input",
                [
                    "id": "token", "name": "token", "autocomplete": "off", "required": "", "spellcheck": "false",
                    "aria-describedby": "token-hint",
                ]
            )
        }
    }

    mutating func chosenPassword(_ state: FormState) {
        field(
            Field(
                name: "password",
                label: state.say("密码", "Password"),
                type: "password",
                hint: state.say(
                    "至少 12 个字符，可以是一句话；不能用常见密码。",
                    "12 characters at least; a sentence will do. Common passwords are refused."
                ),
                autocomplete: "new-password",
                isSecret: true
            ),
            state
        )
    }

    /// The secret as a picture for the app, as a link for the phone that shows this page, and to be typed.
    fileprivate mutating func authenticator(_ totp: JSON, _ sheet: Sheet) {
        element(
            "p",
            sheet.say("用手机上的验证器应用扫描，或手动输入密钥。", "Scan this with the authenticator app on your phone, or type the key.")
        )
        let uri = totp.text("uri")
        if let code = QRCode(Array(uri.utf8)) { qrCode(code, sheet.say("供验证器应用扫描的二维码", "QR code for the app")) }
        element("p") { $0.element("a", ["href": uri], sheet.say("在本机的验证器应用中打开", "Open in the app on this phone")) }
        element("p") { page in
            page.text(sheet.say("密钥：", "Key: "))
            page.element("code", ["class": "secret"], LinkText.inGroups(totp.text("secret")))
        }
    }
}

extension LinkText {
    /// In fours, so that nobody loses his place.
    static func inGroups(_ text: String) -> String {
        let characters = Array(text)
        return stride(from: 0, to: characters.count, by: 4)
            .map { String(characters[$0..<min($0 + 4, characters.count)]) }
            .joined(separator: " ")
    }
}
