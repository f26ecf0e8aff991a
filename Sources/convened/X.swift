import ArgumentParser
@main struct X { static func main() { print(1) } }
