#include "textflag.h"

// func dot(v, w *Vector) float32
TEXT ·dot(SB), NOSPLIT, $0-20
	MOVQ  v+0(FP), SI
	MOVQ  w+8(FP), DI
	XORPS X0, X0
	XORPS X1, X1
	XORPS X2, X2
	XORPS X3, X3
	MOVQ  $8, CX

sixteen:
	MOVUPS (SI), X4
	MOVUPS 16(SI), X5
	MOVUPS 32(SI), X6
	MOVUPS 48(SI), X7
	MOVUPS (DI), X8
	MOVUPS 16(DI), X9
	MOVUPS 32(DI), X10
	MOVUPS 48(DI), X11
	MULPS  X8, X4
	MULPS  X9, X5
	MULPS  X10, X6
	MULPS  X11, X7
	ADDPS  X4, X0
	ADDPS  X5, X1
	ADDPS  X6, X2
	ADDPS  X7, X3
	ADDQ   $64, SI
	ADDQ   $64, DI
	DECQ   CX
	JNZ    sixteen

	ADDPS  X1, X0
	ADDPS  X3, X2
	ADDPS  X2, X0
	MOVAPS X0, X1
	SHUFPS $0x4e, X1, X1         // the other half
	ADDPS  X1, X0
	MOVAPS X0, X1
	SHUFPS $0xb1, X1, X1         // the neighbour
	ADDPS  X1, X0
	MOVSS  X0, ret+16(FP)
	RET

// func addScaled(sum *Vector, row *[Dims]byte, scale float32)
TEXT ·addScaled(SB), NOSPLIT, $0-20
	MOVQ   sum+0(FP), DI
	MOVQ   row+8(FP), SI
	MOVSS  scale+16(FP), X0
	SHUFPS $0, X0, X0
	MOVQ   $16, CX

eight:
	MOVQ      (SI), X1
	PUNPCKLBW X1, X1
	MOVO      X1, X2
	PUNPCKLWL X1, X1             // each byte four times
	PUNPCKHWL X2, X2
	PSRAL     $24, X1            // with its sign
	PSRAL     $24, X2
	CVTPL2PS  X1, X1
	CVTPL2PS  X2, X2
	MULPS     X0, X1
	MULPS     X0, X2
	MOVUPS    (DI), X3
	MOVUPS    16(DI), X4
	ADDPS     X1, X3
	ADDPS     X2, X4
	MOVUPS    X3, (DI)
	MOVUPS    X4, 16(DI)
	ADDQ      $8, SI
	ADDQ      $32, DI
	DECQ      CX
	JNZ       eight
	RET
