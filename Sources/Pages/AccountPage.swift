import Core
import HTTPTypes
import Identity
import Web

// MARK: - The own account

extension PageService {
    var accountEndpoints: [Endpoint] {
        [
            page("/account", query: ["done"], authorize: api.rule("GET /v1/sessions"), showAccount),
            action("/account/sessions/{session}/end", authorize: api.rule("GET /v1/sessions"), endSession),
        ]
    }

    private func showAccount(_ call: Call) async throws -> Reply {
        let me = try await api.ask("GET /v1/me", call).json()
        let sessions = try await api.ask("GET /v1/sessions", call).json().list("data")
        var sheet = Sheet(call, .account)
        sheet.organization = me["organization"]?.text("name")
        return sheet.reply(sheet.say("我的账号", "My account")) { page in
            if call.query["done"] == "ended" { page.done(sheet.say("已退出那台设备。", "That device is signed out.")) }
            writePerson(me, sheet, &page)
            page.element("h2", sheet.say("登录中的设备", "Where you are signed in"))
            page.element("ul", ["class": "cards"]) { page in
                for session in sessions { page.element("li") { write(session, sheet, &$0) } }
            }
        }
    }

    private func writePerson(_ me: JSON, _ sheet: Sheet, _ page: inout HTMLWriter) {
        let person = me["person"] ?? .null
        let facts: [(String, String)] = [
            (sheet.say("姓名", "Name"), person.text("name")),
            (sheet.say("邮箱", "E-mail"), person.text("email")),
            (sheet.say("手机", "Phone"), person.text("phone")),
            (sheet.say("机构", "Organisation"), me["organization"]?.text("name") ?? ""),
            (sheet.say("角色", "Role"), Words.role(me.text("role"), sheet.language)),
        ]
        page.facts(facts.filter { !$0.1.isEmpty }, isWide: true)
    }

    private func write(_ session: JSON, _ sheet: Sheet, _ page: inout HTMLWriter) {
        page.element("p") { page in
            page.element("strong", Words.device(session.text("device"), sheet.language))
            if session["current"] == true {
                page.text(" ")
                page.element("span", ["class": "badge published"], sheet.say("本机", "This one"))
            }
        }
        page.element("p", ["class": "soft"]) { page in
            page.text(sheet.say("登录于 ", "Since ") + Words.time(session.text("created_at")))
            page.text(sheet.say("，最近使用 ", ", last used ") + Words.time(session.text("last_used_at")))
        }
        guard session["current"] != true else { return }
        page.element("form", ["method": "post", "action": "/account/sessions/\(session.text("id"))/end"]) { page in
            page.element("button", sheet.say("退出这台设备", "Sign this device out"))
        }
    }

    private func endSession(_ call: Call) async throws -> Reply {
        let session = try call.parameter("session")
        _ = try await api.ask("DELETE /v1/sessions/{session}", call, parameters: ["session": session])
        return .seeOther("/account?done=ended")
    }
}
