@_exported import TapeGradArrays
