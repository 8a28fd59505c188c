import Core
import People
import Support
import Testing
import Web

// People: how they join, sign in, and what others do to their accounts.

extension Visit {
    /// Somebody who has signed in.
    struct Staff {
        let id: String
        let login: String
        let app: AuthenticatorApp
        let recoveryCodes: [String]
        var token: String
    }

    static let password = "correct horse battery"

    private var clock: ManualClock { server.store.clock }

    /// The codes that have been shown are behind us.
    private func nextCode(_ app: AuthenticatorApp) throws -> String {
        clock.advance(seconds: 60)
        return try app.code(at: clock.now())
    }

    func people(_ workshop: Member) async throws {
        let dealerID = try await dealer()
        let manager = try await joining(dealerID, "manager@example.com", scopes: ["people:manage", "keys:write"])
        // The door is narrow: so many come in a minute.
        clock.advance(seconds: 60)
        let clerk = try await joining(dealerID, "clerk@example.com", scopes: ["listings:write", "organization:read"])
        try await inviting(dealerID, manager, workshop)
        clock.advance(seconds: 60)
        try await approving()
        clock.advance(seconds: 60)
        var current = try await signingIn(clerk)
        current = try await ownAccount(current)
        try await managing(dealerID, manager, current, workshop)
        clock.advance(seconds: 60)
        try await forgotten(current)
        clock.advance(seconds: 60)
        try await buying()
        try await expiring(manager)
    }

    private func dealer() async throws -> String {
        let request: JSON = ["kind": "dealer", "name": "西溪二手车", "uscc": "91330108MADAY00C38"]
        return try await call("createOrganization", Request(key: administrator, json: request)).text("id")
    }

    // MARK: Joining

    private func invitation(_ login: String, _ more: [JSON.Member] = []) -> JSON {
        .object([.init("name", rules.language == .chinese ? "张伟" : "Zhang Wei"), .init("login", JSON(login))] + more)
    }

    func joining(
        _ organization: String,
        _ login: String,
        as role: String? = nil,
        scopes: [String]
    ) async throws -> Staff {
        let id = ["id": organization]
        let more =
            [JSON.Member("scopes", .array(scopes.map { JSON($0) }))] + (role.map { [.init("role", JSON($0))] } ?? [])
        let invite = Request(parameters: id, key: administrator, json: invitation(login, more))
        try await call("invite", invite)
        let link = try server.channel.secret(.invitation)
        let opened = try await call("openInvitation", Request(json: ["token": JSON(link)]))
        let app = try AuthenticatorApp(secret: try #require(opened.json["totp"]?["secret"]?.stringValue))
        var acceptance = Request(json: ["token": JSON(link), "password": "password", "code": "000000"])
        try await refuse("acceptInvitation", "invalid_request", acceptance)
        acceptance.json = ["token": JSON(link), "password": JSON(Visit.password), "code": "000000"]
        try await refuse("acceptInvitation", "wrong_code", acceptance)
        let code = try app.code(at: clock.now())
        acceptance.json = ["token": JSON(link), "password": JSON(Visit.password), "code": JSON(code)]
        let joined = try await call("acceptInvitation", acceptance)
        try await refuse("acceptInvitation", "invalid_link", acceptance)
        try await refuse("openInvitation", "invalid_link", Request(json: ["token": JSON(link)]))
        try await refuse("openInvitation", "invalid_request", Request(json: [:]))
        return Staff(
            id: try #require(joined.json["person"]?["id"]?.stringValue),
            login: login,
            app: app,
            recoveryCodes: (joined.json["recovery_codes"]?.arrayValue ?? []).compactMap(\.stringValue),
            token: try joined.text("token")
        )
    }

    private func inviting(_ organization: String, _ manager: Staff, _ workshop: Member) async throws {
        let id = ["id": organization]
        var request = Request(parameters: id, key: administrator, json: invitation(manager.login))
        try await refuse("invite", "login_taken", request)
        request.json = invitation("nobody")
        try await refuse("invite", "invalid_request", request)
        request.json = invitation("li.na@example.com")
        request.headers = [("Idempotency-Key", "invite-1")]
        let invited = try await call("invite", request)
        #expect(try await call("invite", request).http.header("Idempotency-Replayed") == "true")
        request.json = invitation("wang.fang@example.com")
        try await refuse("invite", "idempotency_key_reused", request)
        request.key = workshop.key
        try await refuse("invite", "not_found", request)
        clock.advance(seconds: 600)
        request.key = try await stepless(manager)
        request.headers = []
        try await refuse("invite", "step_up_required", request)
        try await paging("listInvitations", id, administrator)
        let one = id.merging(["invitation": try invited.text("id")]) { $1 }
        try await call("cancelInvitation", Request(parameters: one, key: administrator))
        try await call("cancelInvitation", Request(parameters: one, key: administrator))
        try await refuse("cancelInvitation", "not_found", Request(parameters: anyParameters, key: administrator))
        let page = try await call("listInvitations", Request(parameters: id, key: administrator))
        let accepted = try #require(
            page.json["data"]?.arrayValue?.last { $0["state"] == "accepted" }?["id"]?.stringValue
        )
        let closed = Request(parameters: id.merging(["invitation": accepted]) { $1 }, key: administrator)
        try await refuse("cancelInvitation", "invitation_closed", closed)
    }

    /// A token whose second factor was shown too long ago.
    private func stepless(_ staff: Staff) async throws -> String {
        let json: JSON = [
            "login": JSON(staff.login), "password": JSON(Visit.password), "code": JSON(try nextCode(staff.app)),
        ]
        let token = try await call("signIn", Request(json: json)).text("token")
        clock.advance(seconds: 300)
        return token
    }

    private func approving() async throws {
        let me = try await call("getMe", Request(key: administrator))
        let id = ["id": try #require(me.json["organization"]?["id"]?.stringValue)]
        func asked(_ login: String, _ key: String) async throws -> [String: String] {
            let more = [JSON.Member("role", "finance")]
            let invite = Request(parameters: id, key: key, json: invitation(login, more))
            return id.merging(["invitation": try await call("invite", invite).text("id")]) { $1 }
        }
        let more = [JSON.Member("role", "admin"), .init("scopes", ["people:manage"])]
        try await call("invite", Request(parameters: id, key: administrator, json: invitation("a@example.com", more)))
        let link = try server.channel.secret(.invitation)
        let opened = try await call("openInvitation", Request(json: ["token": JSON(link)]))
        let app = try AuthenticatorApp(secret: try #require(opened.json["totp"]?["secret"]?.stringValue))
        let code = try app.code(at: clock.now())
        let acceptance: JSON = ["token": JSON(link), "password": JSON(Visit.password), "code": JSON(code)]
        let boss = try await call("acceptInvitation", Request(json: acceptance)).text("token")
        let one = try await asked("f@example.com", boss)
        try await refuse("approveInvitation", "second_person_needed", Request(parameters: one, key: boss, json: [:]))
        try await refuse("approveInvitation", "invalid_request", Request(parameters: one, key: boss, json: ["x": 1]))
        try await call("approveInvitation", Request(parameters: one, key: administrator, json: [:]))
        let again = Request(parameters: one, key: administrator, json: [:])
        try await refuse("approveInvitation", "invitation_closed", again)
        let nothing = Request(parameters: anyParameters, key: administrator, json: [:])
        try await refuse("approveInvitation", "not_found", nothing)
    }

    // MARK: Signing in

    private func signingIn(_ staff: Staff) async throws -> Staff {
        func attempt(_ password: String, _ more: JSON.Member) -> Request {
            Request(json: .object([.init("login", JSON(staff.login)), .init("password", JSON(password)), more]))
        }
        try await refuse("signIn", "invalid_request", Request(json: ["login": "x"]))
        let wrong = attempt("wrong horse battery", .init("code", "000000"))
        for _ in 0..<5 { try await refuse("signIn", "sign_in_refused", wrong) }
        try await refuse("signIn", "sign_in_locked", wrong)
        clock.advance(seconds: 60)
        let recovery = attempt(Visit.password, .init("recovery_code", JSON(staff.recoveryCodes[0])))
        try await call("signIn", recovery)
        try await refuse("signIn", "sign_in_refused", recovery)
        let code = attempt(Visit.password, .init("code", JSON(try nextCode(staff.app))))
        var signedIn = staff
        signedIn.token = try await call("signIn", code).text("token")
        let me = try await call("getMe", Request(key: signedIn.token))
        #expect(me.json["person"]?["id"]?.stringValue == staff.id)
        #expect(me.json["api_key"] == .null)
        return signedIn
    }

    private func ownAccount(_ staff: Staff) async throws -> Staff {
        var staff = staff
        let sessions = try await call("listSessions", Request(key: staff.token))
        #expect(sessions.json["data"]?.arrayValue?.count == 3)
        try await refuse("listSessions", "forbidden", Request(key: administrator))
        let other = try #require(sessions.json["data"]?.arrayValue?.last?["id"]?.stringValue)
        try await call("endSession", Request(parameters: ["session": other], key: staff.token))
        try await refuse("endSession", "not_found", Request(parameters: anyParameters, key: staff.token))
        try await refuse("rotateSession", "invalid_request", Request(key: staff.token, json: ["x": 1]))
        staff.token = try await call("rotateSession", Request(key: staff.token, json: [:])).text("token")
        clock.advance(seconds: 600)
        try await refuse("renewRecoveryCodes", "step_up_required", Request(key: staff.token, json: [:]))
        let change: JSON = ["current_password": JSON(Visit.password), "new_password": "another long sentence"]
        try await refuse("changePassword", "step_up_required", Request(key: staff.token, json: change))
        try await refuse("stepUp", "wrong_code", Request(key: staff.token, json: ["code": "000000"]))
        try await refuse("stepUp", "invalid_request", Request(key: staff.token, json: [:]))
        let code: JSON = ["code": JSON(try nextCode(staff.app))]
        staff.token = try await call("stepUp", Request(key: staff.token, json: code)).text("token")
        try await refuse("renewRecoveryCodes", "invalid_request", Request(key: staff.token, json: ["x": 1]))
        try await call("renewRecoveryCodes", Request(key: staff.token, json: [:]))
        let wrong: JSON = ["current_password": "wrong horse battery", "new_password": "another long sentence"]
        try await refuse("changePassword", "sign_in_refused", Request(key: staff.token, json: wrong))
        let weak: JSON = ["current_password": JSON(Visit.password), "new_password": "password"]
        try await refuse("changePassword", "invalid_request", Request(key: staff.token, json: weak))
        try await call("changePassword", Request(key: staff.token, json: change))
        return staff
    }

    // MARK: Others' accounts

    private func managing(_ organization: String, _ manager: Staff, _ clerk: Staff, _ workshop: Member) async throws {
        let id = ["id": organization]
        let one = id.merging(["person": clerk.id]) { $1 }
        try await paging("listPeople", id, administrator)
        try await refuse("listPeople", "not_found", Request(parameters: id, key: workshop.key))
        let person = try await call("getPerson", Request(parameters: one, key: administrator))
        let tag = try person.entityTag()
        let unchanged = Request(parameters: one, key: administrator, headers: [("If-None-Match", tag)])
        #expect(try await call("getPerson", unchanged).status == 304)
        try await refuse("getPerson", "not_found", Request(parameters: anyParameters, key: administrator))
        var patch = Request(parameters: one, key: administrator, json: ["scopes": ["organization:read"]])
        try await refuse("updatePerson", "precondition_required", patch)
        patch.headers = [("If-Match", tag)]
        try await call("updatePerson", patch)
        try await refuse("updatePerson", "precondition_failed", patch)
        let changed = try await call("getPerson", Request(parameters: one, key: administrator))
        patch.headers = [("If-Match", try changed.entityTag())]
        patch.json = ["scopes": ["payloads:erase"]]
        try await refuse("updatePerson", "invalid_request", patch)
        let own = id.merging(["person": manager.id]) { $1 }
        let managing = try await stepUp(manager)
        patch.parameters = own
        patch.key = managing
        try await refuse("updatePerson", "own_account", patch)
        try await refuse("resetSecondFactor", "own_account", Request(parameters: own, key: managing, json: [:]))
        try await certifying(one)
        try await resetting(one)
        patch.parameters = one
        patch.key = administrator
        let certified = try await call("getPerson", Request(parameters: one, key: administrator))
        patch.headers = [("If-Match", try certified.entityTag())]
        patch.json = ["status": "suspended"]
        try await call("updatePerson", patch)
        try await refuse("getMe", "invalid_session", Request(key: clerk.token))
        let factor = JSON(try nextCode(clerk.app))
        let entry: JSON = ["login": JSON(clerk.login), "password": "another long sentence", "code": factor]
        try await refuse("signIn", "person_suspended", Request(json: entry))
        let again = try await call("getPerson", Request(parameters: one, key: administrator))
        patch.headers = [("If-Match", try again.entityTag())]
        patch.json = ["status": "active"]
        try await call("updatePerson", patch)
    }

    private func stepUp(_ staff: Staff) async throws -> String {
        let json: JSON = [
            "login": JSON(staff.login), "password": JSON(Visit.password), "code": JSON(try nextCode(staff.app)),
        ]
        return try await call("signIn", Request(json: json)).text("token")
    }

    private func certifying(_ one: [String: String]) async throws {
        let certificate: JSON = [
            "kind": "inspection", "level": "senior", "number": "CX-2026-0117", "issued_on": "2026-01-01",
            "expires_on": "2027-12-31",
        ]
        var request = Request(parameters: one, key: administrator, json: certificate)
        request.headers = [("Idempotency-Key", "certificate-1")]
        let granted = try await call("grantCertificate", request)
        #expect(try await call("grantCertificate", request).http.header("Idempotency-Replayed") == "true")
        request.json = [
            "kind": "inspection", "level": "junior", "number": "CX-2026-0118", "issued_on": "2026-01-01",
            "expires_on": "2026-12-31",
        ]
        try await refuse("grantCertificate", "idempotency_key_reused", request)
        request.headers = []
        request.json = ["kind": "inspection"]
        try await refuse("grantCertificate", "invalid_request", request)
        request.json = certificate
        request.parameters = anyParameters
        try await refuse("grantCertificate", "not_found", request)
        let which = one.merging(["certificate": try granted.text("id")]) { $1 }
        try await call("revokeCertificate", Request(parameters: which, key: administrator))
        try await refuse("revokeCertificate", "not_found", Request(parameters: anyParameters, key: administrator))
    }

    private func resetting(_ one: [String: String]) async throws {
        var request = Request(parameters: one, key: administrator, json: [:])
        request.headers = [("Idempotency-Key", "reset-1")]
        let reset = try await call("resetSecondFactor", request)
        #expect(try await call("resetSecondFactor", request).http.header("Idempotency-Replayed") == "true")
        #expect(reset.json["person"]?.stringValue == one["person"])
        request.parameters["person"] = anyParameters["person"]
        try await refuse("resetSecondFactor", "idempotency_key_reused", request)
        request.headers = []
        try await refuse("resetSecondFactor", "not_found", request)
        request.json = ["x": 1]
        try await refuse("resetSecondFactor", "invalid_request", request)
    }

    // MARK: Links and codes

    private func forgotten(_ clerk: Staff) async throws {
        let login = Request(json: ["login": JSON(clerk.login)])
        try await refuse("requestPasswordReset", "invalid_request", Request(json: [:]))
        try await call("requestPasswordReset", login)
        for _ in 0..<2 { try await call("requestPasswordReset", login) }
        try await refuse("requestPasswordReset", "sign_in_locked", login)
        let link = JSON(try server.channel.secret(.passwordLink))
        func confirm(_ token: JSON, _ code: String) -> Request {
            Request(json: ["token": token, "password": "a third long sentence", "code": JSON(code)])
        }
        try await refuse("confirmPasswordReset", "invalid_request", Request(json: ["token": link]))
        try await refuse("confirmPasswordReset", "wrong_code", confirm(link, "000000"))
        try await call("confirmPasswordReset", confirm(link, try nextCode(clerk.app)))
        try await refuse("confirmPasswordReset", "invalid_link", confirm(link, "000000"))
    }

    private func buying() async throws {
        let login = Request(json: ["login": "13812345678"])
        try await refuse("sendBuyerCode", "invalid_request", Request(json: ["login": "12"]))
        try await call("sendBuyerCode", login)
        let code = JSON(try server.channel.secret(.signInCode))
        try await refuse("signInBuyer", "invalid_request", Request(json: ["login": "13812345678"]))
        try await refuse("signInBuyer", "sign_in_refused", Request(json: ["login": "13812345678", "code": "0"]))
        let entrance = try await call("signInBuyer", Request(json: ["login": "13812345678", "code": code]))
        let token = try entrance.text("token")
        let me = try await call("getMe", Request(key: token))
        #expect(me.json["role"] == "buyer")
        #expect(me.json["organization"] == .null)
        for _ in 0..<2 { try await call("sendBuyerCode", login) }
        try await refuse("sendBuyerCode", "sign_in_locked", login)
        try await call("sendBuyerCode", Request(json: ["login": "buyer@example.com"]))
        let link = JSON(try server.channel.secret(.signInLink))
        try await call("signInBuyer", Request(json: ["token": link]))
        try await refuse("signInBuyer", "invalid_link", Request(json: ["token": link]))
        try await call("signOut", Request(key: token))
        try await refuse("signOut", "invalid_session", Request(key: token))
    }

    private func expiring(_ manager: Staff) async throws {
        let token = try await stepUp(manager)
        clock.advance(seconds: 1800)
        try await refuse("getMe", "session_expired", Request(key: token))
    }
}
