import Core
import Testing

@Suite struct USCCTests {
    /// Four are of public companies, three are made up.
    @Test(
        arguments: rows(
            """
            91350100M000100Y43  350100  M000100Y4
            91110000802100433B  110000  802100433
            91110108551385082Q  110108  551385082
            91440300708461136T  440300  708461136
            91330106MA2CX0108D  330106  MA2CX0108
            91510100MA61R7X05H  510100  MA61R7X05
            91440101MA5AKX9019  440101  MA5AKX901
            """
        )
    )
    func `a valid code keeps its text, region and organisation code`(row: [String]) throws {
        let code = try USCC(parsing: row[0])
        #expect(code.text == row[0])
        #expect(code.region == row[1])
        #expect(code.organizationCode == row[2])
    }

    @Test(
        arguments: rows(
            """
            91350100M000100Y4    length
            91350100M000100Y433  length
            91350100I000100Y43   charset
            Z1350100M000100Y43   charset
            91350100m000100y43   charset
            91350100M000100Y4３   charset          # a full-width 3
            B1350100M000100Y43   dept
            01350100M000100Y43   dept
            9135A100M000100Y43   region
            91350100M000100Y44   check_digit
            91350100M000010Y43   check_digit
            91350100M000100Y5G   check_digit
            """
        )
    )
    func `a wrong code is refused with the first thing that is wrong`(row: [String]) {
        #expect(refusal(of: USCC.self, row[0]) == row[1])
    }

    @Test func `an organisation code that does not check is found behind a check digit that does`() {
        let withWrongOrganization = "0123456789ABCDEFGHJKLMNPQRTUWXY".map { "91350100M000100Y5" + String($0) }
        let codes = withWrongOrganization.map { text in
            refusal(of: USCC.self, text)
        }
        #expect(codes.filter { $0 == "org_check_digit" }.count == 1)
        #expect(codes.filter { $0 == "check_digit" }.count == 30)
    }
}
