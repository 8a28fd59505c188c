import Testing

@Suite struct TidyTests {
    @Test(arguments: Rule.all)
    func `the repository keeps the rule`(rule: Rule) {
        for violation in rule.violations(in: Repository.current.files) {
            Issue.record("\(violation)")
        }
    }

    /// Without this, a root that is not found would pass every rule.
    @Test func `the repository is found`() {
        let paths = Repository.current.files.map(\.path)
        #expect(paths.contains("Package.swift"))
        #expect(paths.contains("Sources/Core/VIN.swift"))
        #expect(paths.contains("Tests/Tidy/TidyTests.swift"))
        #expect(!paths.contains { $0.contains(".build/") })
    }
}
