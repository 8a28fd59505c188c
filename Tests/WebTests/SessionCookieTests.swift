import Core
import Testing

@testable import Web

/// Cookies and forms, as browsers send them and others forge them.
@Suite struct SessionCookieTests {
    @Test(arguments: [
        ("__Host-chexin=abc", "abc" as String?), ("a=b; __Host-chexin=abc; c=d", "abc"),
        ("a=b;__Host-chexin=abc", "abc"),
        ("chexin=abc", nil), ("x__Host-chexin=abc", nil), ("__Host-chexin=", nil), ("", nil),
        ("__Host-chexin=abc; __Host-chexin=abd", nil),
    ])
    func `one cookie of our name is taken, and no other`(_ field: String, _ token: String?) {
        #expect(SessionCookie.token(in: field) == token)
    }

    @Test func `a token as long as none is no token`() {
        #expect(SessionCookie.token(in: "__Host-chexin=" + String(repeating: "a", count: 513)) == nil)
    }

    @Test func `a form is read strictly`() throws {
        let read = try FormBody.fields(Array("a=1+2&b=%E8%BD%A6".utf8), known: ["a", "b"])
        #expect(read == ["a": "1 2", "b": "车"])
        #expect(try FormBody.fields([], known: []).isEmpty)
        for wrong in ["a=1&a=2", "c=1", "a=%zz", "a=%00"] {
            #expect(throws: Failure.self, "\(wrong)") { _ = try FormBody.fields(Array(wrong.utf8), known: ["a", "b"]) }
        }
        #expect(throws: Failure.self) { _ = try FormBody.fields([0xFF], known: []) }
    }
}
